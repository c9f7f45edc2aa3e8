import jwksRsa from 'jwks-rsa'
import passport from 'passport'
import { ExtractJwt, Strategy } from 'passport-jwt'
import { judgeCalls } from './calls.mjs'
import { told } from './told.mjs'

passport.use(
  new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: jwksRsa.passportJwtSecret({ jwksUri: told.jwksUri }),
      algorithms: ['RS256'],
      issuer: told.issuer,
      audience: told.audience,
    },
    (claims, done) => done(null, claims),
  ),
)
await judgeCalls(passport.authenticate('jwt', { session: false }), (request) => request.user.sub)
