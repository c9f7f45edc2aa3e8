import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { Connections } from '../../src/runtimes/node/connections.ts'

/** A connection to which bytes come when the test says so. */
class Connection extends EventEmitter {
  bytesRead = 0
}

function tracked() {
  let nowMs = 1_000
  const connections = new Connections(() => nowMs)
  const connection = new Connection()
  connections.opened(connection)
  return {
    connections,
    connection,
    passAndLook(ms: number) {
      nowMs += ms
      connections.look()
    },
    pass(ms: number) {
      nowMs += ms
    },
  }
}

const ignore = (): void => undefined

it('knows that what came at once may be as old as the last look', () => {
  const { connections, connection, passAndLook, pass } = tracked()
  passAndLook(100)
  pass(70)
  connection.bytesRead = 500
  expect(connections.begin(connection, ignore)).toMatchObject({ leastMs: 0, mostMs: 70 })
})

it('counts headers that came in pieces from the look before their first byte', () => {
  const { connections, connection, passAndLook, pass } = tracked()
  passAndLook(100)
  connection.bytesRead = 1
  passAndLook(100)
  connection.bytesRead = 2
  passAndLook(100)
  pass(50)
  expect(connections.begin(connection, ignore)).toMatchObject({ leastMs: 250, mostMs: 250 })
})

it('counts the next request on a connection from its own first byte', () => {
  const { connections, connection, passAndLook, pass } = tracked()
  connection.bytesRead = 500
  const first = connections.begin(connection, ignore)
  expect(connections.isBusy(connection)).toBe(true)
  connection.bytesRead = 900
  passAndLook(10_000)
  first.end()
  expect(connections.isBusy(connection)).toBe(false)
  passAndLook(60_000)
  connection.bytesRead = 901
  passAndLook(100)
  pass(1)
  expect(connections.begin(connection, ignore)).toMatchObject({ leastMs: 101, mostMs: 101 })
})

it('tells the last request of a connection that nothing more can be read, and nobody when none is under way', () => {
  const { connections, connection } = tracked()
  const told: string[] = []
  expect(connections.breakOff(connection)).toBe(false)
  const first = connections.begin(connection, () => told.push('first'))
  const second = connections.begin(connection, () => told.push('second'))
  first.end()
  expect(connections.breakOff(connection)).toBe(true)
  expect(told).toEqual(['second'])
  second.end()
  expect(connections.breakOff(connection)).toBe(false)
})

it('forgets a connection that is closed', () => {
  const { connections, connection } = tracked()
  const { end } = connections.begin(connection, ignore)
  connection.emit('close')
  end()
  expect(connections.isBusy(connection)).toBe(false)
  expect(connections.breakOff(connection)).toBe(false)
})
