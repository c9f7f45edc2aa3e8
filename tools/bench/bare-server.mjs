import { createServer } from 'node:http'

/** The bare server that the hook's is compared with: reads the body and answers as many bytes as it is told to. */
const answer = 'x'.repeat(Number(process.argv[2]))
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
