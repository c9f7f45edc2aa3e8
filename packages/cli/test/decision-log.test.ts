import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createDecisionLog } from '../src/serve/decision-log.ts'

async function write(records: readonly object[]): Promise<string> {
  const stream = new PassThrough()
  const log = createDecisionLog(stream)
  for (const record of records) log(record)
  await new Promise(setImmediate)
  return String(stream.read() ?? '')
}

describe('a record', () => {
  const hostile = {
    newline: 'x\n{"decision":"permit"}',
    carriageReturn: 'x\r',
    escape: '\u001b[2J\u001b[1A',
    c1: '\u009b2J\u0085',
    delete: '\u007f',
    separators: '\u2028\u2029',
    direction: '\u202e\u2066',
    quotes: '","decision":"permit","x":"',
    '\u009b name': 1,
  }

  it('is one line, whatever is in it, that no terminal obeys', async () => {
    const text = await write([hostile, { next: 1 }])
    expect(text.split('\n')).toHaveLength(3)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
  })

  it('is read as what was written', async () => {
    const [line = ''] = (await write([hostile])).split('\n')
    expect(JSON.parse(line)).toEqual(hostile)
    expect(await write([{ name: '\u5b89 \u{1f600} \u00e9' }])).toBe('{"name":"\u5b89 \u{1f600} \u00e9"}\n')
  })
})

it('records of one turn are written at once', async () => {
  const batches: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      batches.push(String(chunk))
      done()
    },
  })
  const log = createDecisionLog(stream)
  for (let turn = 0; turn < 2; turn++) {
    for (let index = 0; index < 5; index++) log({ index })
    await new Promise(setImmediate)
  }
  const written = [0, 1, 2, 3, 4].map((index) => `{"index":${index}}\n`).join('')
  expect(batches).toEqual([written, written])
})

it('records are dropped and counted while nobody reads', async () => {
  let text = ''
  const losses: string[] = []
  let release = (): void => undefined
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      release = done
    },
  })
  const log = createDecisionLog(stream, { maxBufferedBytes: 64, onLoss: (what) => losses.push(what) })
  for (let index = 0; index < 20; index++) log({ index })
  await new Promise(setImmediate)
  while (stream.writableLength > 0) {
    release()
    await new Promise(setImmediate)
  }
  log({ index: 20 })
  await new Promise(setImmediate)
  const lines = text.trim().split('\n')
  const { index, droppedRecords } = JSON.parse(lines.at(-1) ?? '')
  expect(index).toBe(20)
  expect(droppedRecords).toBeGreaterThan(0)
  expect(lines.length + droppedRecords).toBe(21)
  expect(losses).toEqual(['their reader does not keep up; the next line says how many are missing'])
})

it('tells once that nobody reads any more', async () => {
  const losses: string[] = []
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
  const log = createDecisionLog(stream, { onLoss: (what) => losses.push(what) })
  for (let turn = 0; turn < 3; turn++) {
    log({ turn })
    await new Promise(setImmediate)
  }
  expect(losses).toEqual(['nobody reads them any more'])
})
