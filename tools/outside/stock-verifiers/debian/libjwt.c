/*
 * API B with libjwt 1.10, which verifies the signature; claims are the caller's to compare. Takes issuer, audience, now and
 * the files of key and token; 0 means accepted.
 */
#include <jwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t read_file(const char *name, char *text, size_t size)
{
	FILE *file = fopen(name, "r");
	if (file == NULL)
		exit(2);
	size_t length = fread(text, 1, size - 1, file);
	text[length] = 0;
	fclose(file);
	return length;
}

static int differs(jwt_t *jwt, const char *claim, const char *expected)
{
	const char *found = jwt_get_grant(jwt, claim);
	return found == NULL || strcmp(found, expected) != 0;
}

int main(int argc, char **argv)
{
	static char pem[8192], token[65536];
	jwt_t *jwt = NULL;
	const char *refused = NULL;

	if (argc != 6)
		return 2;
	int length = (int)read_file(argv[4], pem, sizeof pem);
	read_file(argv[5], token, sizeof token);
	if (jwt_decode(&jwt, token, (unsigned char *)pem, length) != 0)
		refused = "the signature does not hold";
	else if (jwt_get_alg(jwt) != JWT_ALG_RS256)
		refused = "alg is another";
	else if (differs(jwt, "iss", argv[1]))
		refused = "iss is another";
	else if (differs(jwt, "aud", argv[2]))
		refused = "aud is another";
	else if (jwt_get_grant_int(jwt, "exp") <= atol(argv[3]))
		refused = "it has expired";
	puts(refused ? refused : jwt_get_grant(jwt, "sub"));
	return refused ? 1 : 0;
}
