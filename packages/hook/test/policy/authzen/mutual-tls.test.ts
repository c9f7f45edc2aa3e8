import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { PolicyUnavailable } from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { createMutualTlsFetch } from '@behalf/hook/mutual-tls'
import { describe, expect, it } from 'vitest'
import { delegation } from '../delegation.ts'
import { selfSignedCertificate } from './certificate.ts'

const signal = new AbortController().signal
const server = selfSignedCertificate('pdp')
const client = selfSignedCertificate('behalf')
const stranger = selfSignedCertificate('stranger')

/** A decision point that lets only the client's certificate in and says whose it was. */
async function startServer(status = 200) {
  const peers: string[] = []
  const https = createServer(
    {
      cert: server.certificate,
      key: server.privateKey,
      ca: client.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      peers.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN))
      request.resume().on('end', () => response.writeHead(status).end('{"decision":true}'))
    },
  )
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve))
  const address = https.address()
  const pdp = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  return {
    pdp,
    peers,
    [Symbol.asyncDispose]: async () => {
      https.closeAllConnections()
      await new Promise((resolve) => https.close(resolve))
    },
  }
}

describe('mutual TLS', () => {
  it('presents the certificate', async () => {
    await using running = await startServer()
    const fetch = createMutualTlsFetch({ ...client, authorities: server.certificate })
    const point = authzen({ pdp: running.pdp, evaluationEndpoint: `${running.pdp}/evaluate`, fetch })
    expect(await point.decide(delegation(), signal)).toEqual({ decision: 'permit' })
    expect(running.peers).toEqual(['behalf'])
  })

  it.each([
    ['with a certificate that the server does not know', { ...stranger, authorities: server.certificate }],
    ['to a server that it does not know', client],
  ])('fails %s', async (_, options) => {
    await using running = await startServer()
    const fetch = createMutualTlsFetch(options)
    const point = authzen({ pdp: running.pdp, evaluationEndpoint: `${running.pdp}/evaluate`, fetch })
    await expect(point.decide(delegation(), signal)).rejects.toThrow(PolicyUnavailable)
    expect(running.peers).toEqual([])
  })

  it.each([600, 999])('takes the status %d, which HTTP does not have, for no decision', async (status) => {
    await using running = await startServer(status)
    const fetch = createMutualTlsFetch({ ...client, authorities: server.certificate })
    const point = authzen({ pdp: running.pdp, evaluationEndpoint: `${running.pdp}/evaluate`, fetch })
    await expect(point.decide(delegation(), signal)).rejects.toThrow(PolicyUnavailable)
  })

  it('refuses a certificate and a key that do not fit', () => {
    expect(() => createMutualTlsFetch({ ...client, privateKey: stranger.privateKey })).toThrow()
  })
})
