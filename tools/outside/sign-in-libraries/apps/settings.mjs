import process from 'node:process'

export const {
  ISSUER: issuer,
  CLIENT_ID: clientID,
  CLIENT_SECRET: clientSecret,
  ORIGIN: origin,
} = process.env

/** Listens, and says so. */
export function serve(app) {
  app.listen(Number(new URL(origin).port), '127.0.0.1', () => console.log('listening'))
}
