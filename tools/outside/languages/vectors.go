// Holds a verifier to the conformance vectors: go run vectors.go verifier.go keys.go VECTORS
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
)

func main() {
	var document struct {
		Now     float64
		API     API
		JWKS    struct{ Keys []JWK }
		Vectors []struct {
			Name, Token string
			Accept      *Access
			Refuse      struct{ Status int }
		}
	}
	file, err := os.ReadFile(os.Args[1])
	if err != nil || json.Unmarshal(file, &document) != nil {
		panic("the vectors cannot be read")
	}
	keys, others := findIn(document.JWKS.Keys), 0
	for _, vector := range document.Vectors {
		access, refused := Verify(vector.Token, keys, document.API, document.Now)
		if !reflect.DeepEqual(access, vector.Accept) || refused != nil && refused.Status != vector.Refuse.Status {
			others++
			fmt.Println(vector.Name, access, refused)
		}
	}
	fmt.Printf("%d vectors, %d verdicts are others\n", len(document.Vectors), others)
	if others > 0 {
		os.Exit(1)
	}
}
