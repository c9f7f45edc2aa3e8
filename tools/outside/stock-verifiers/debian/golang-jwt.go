// API B with golang-jwt. Reads what it is told from standard input, prints what becomes of each token.
package main

import (
	"encoding/json"
	"errors"
	"os"

	"github.com/golang-jwt/jwt"
)

type result struct {
	Accepted string `json:"accepted,omitempty"`
	Refused  string `json:"refused,omitempty"`
}

func main() {
	var told struct {
		Issuer   string
		Audience string
		Pem      string
		Tokens   map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&told); err != nil {
		panic(err)
	}
	key, err := jwt.ParseRSAPublicKeyFromPEM([]byte(told.Pem))
	if err != nil {
		panic(err)
	}
	verify := func(token string) (string, error) {
		claims := jwt.MapClaims{}
		parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}))
		_, err := parser.ParseWithClaims(token, claims, func(*jwt.Token) (interface{}, error) { return key, nil })
		if err != nil {
			return "", err
		}
		if !claims.VerifyIssuer(told.Issuer, true) {
			return "", errors.New("iss is another")
		}
		if !claims.VerifyAudience(told.Audience, true) {
			return "", errors.New("aud is another")
		}
		subject, _ := claims["sub"].(string)
		return subject, nil
	}
	results := map[string]result{}
	for name, token := range told.Tokens {
		subject, err := verify(token)
		if err != nil {
			results[name] = result{Refused: err.Error()}
		} else {
			results[name] = result{Accepted: subject}
		}
	}
	json.NewEncoder(os.Stdout).Encode(results)
}
