# API B with ruby-jwt. Reads what it is told from standard input, prints what becomes of each token.
require 'json'
require 'jwt'

told = JSON.parse($stdin.read)
rules = {
  algorithms: ['RS256'],
  jwks: told['jwks'],
  iss: told['issuer'],
  verify_iss: true,
  aud: told['audience'],
  verify_aud: true
}

results = told['tokens'].transform_values do |token|
  claims, = JWT.decode(token, nil, true, rules)
  { accepted: claims['sub'] }
rescue JWT::DecodeError => e
  { refused: "#{e.class}: #{e.message}" }
end

puts JSON.generate(results)
