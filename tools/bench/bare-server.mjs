import { createServer } from 'node:http'

/** The bare server that the hook's is compared with: reads the body and answers a constant. */
const answer = JSON.stringify({
  commands: [],
  debugContext: { decisionId: '00000000-0000-0000-0000-000000000000' },
})
const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    Buffer.concat(chunks).toString()
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
      .end(answer)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
