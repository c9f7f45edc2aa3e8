/** A bare server in a process of its own: answers every request from its headers, and says where it listens. */
import { createServer } from 'node:http'

const answer = JSON.stringify({ error: { errorSummary: 'caller_unauthenticated: nobody is known here' } })
const server = createServer((_request, response) => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    .end(answer)
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.send?.(server.address()))
