// What the benchmark uses of libraries that only `npm ci --prefix bench` installs, so that it type-checks without them.

declare module 'aws-jwt-verify' {
  export const JwtVerifier: {
    create(options: { issuer: string; audience: string; jwksUri: string }): {
      cacheJwks(jwks: object): void
      verifySync(token: string): object
    }
  }
}

declare module 'fast-jwt' {
  export function createVerifier(options: {
    key: string
    algorithms: readonly string[]
    allowedIss: string
    allowedAud: string
    cache: boolean | number
  }): (token: string) => object
}
