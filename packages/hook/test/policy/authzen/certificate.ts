import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly certificate: string
  readonly privateKey: string
}

/** Makes a self-signed certificate for 127.0.0.1, valid from 2020 to 2049. */
export function selfSignedCertificate(commonName: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = certificateBody(commonName, publicKey)
  const der = sequence(body, ecdsaWithSha256, bitString(sign('sha256', body, privateKey)))
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificateBody(commonName: string, publicKey: KeyObject): Buffer {
  const name = sequence(element(0x31, sequence(objectId('550403'), element(0x0c, Buffer.from(commonName)))))
  const validity = sequence(
    element(0x17, Buffer.from('200101000000Z')),
    element(0x17, Buffer.from('491231235959Z')),
  )
  const address = element(0x87, Buffer.from([127, 0, 0, 1]))
  const alternativeNames = sequence(objectId('551d11'), element(0x04, sequence(address)))
  return sequence(
    element(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    element(0xa3, sequence(alternativeNames)),
  )
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content
  const header = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), content])
}

function sequence(...members: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(members))
}

function integer(value: number): Buffer {
  return element(0x02, Buffer.from([value]))
}

function objectId(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'))
}

function bitString(bytes: Buffer): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([0]), bytes]))
}

const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
