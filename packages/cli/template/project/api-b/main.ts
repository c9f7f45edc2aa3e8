import { readSettings } from '../settings.ts'
import { createApiB } from './app.ts'

const { HOST = '127.0.0.1', PORT = '3002' } = process.env
const { ISSUER, AUDIENCE } = readSettings(['ISSUER', 'AUDIENCE'], process.env)
const server = createApiB({ issuer: ISSUER, audience: AUDIENCE }).listen(Number(PORT), HOST, () =>
  console.log(`api-b: listening on http://${HOST}:${PORT}`),
)
process.once('SIGTERM', () => server.close())
