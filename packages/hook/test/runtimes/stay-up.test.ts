import { EventEmitter } from 'node:events'
import { stayUp } from '@behalf/hook/node'
import { describe, expect, it } from 'vitest'

describe.each(['unhandledRejection', 'uncaughtException'] as const)('stayUp, on %s', (event) => {
  it('reports what nobody handles without its text', () => {
    const records: object[] = []
    const process = new EventEmitter()
    stayUp(process, (record) => records.push(record))
    process.emit(event, new TypeError('ann@example.com'))
    expect(records).toEqual([expect.objectContaining({ event, name: 'TypeError' })])
    expect(JSON.stringify(records)).not.toContain('ann')
  })

  it('leaves the listeners that are there', () => {
    let ended = false
    const process = new EventEmitter().on(event, () => {
      ended = true
    })
    stayUp(process, () => undefined)
    process.emit(event, new Error())
    expect(ended).toBe(true)
  })

  // AWS's runtime client for Node 22 and before ends the process in such a listener.
  it('alone, takes them away', () => {
    let ended = false
    const process = new EventEmitter().on(event, () => {
      ended = true
    })
    stayUp(process, () => undefined, true)
    process.emit(event, new Error())
    expect(ended).toBe(false)
  })
})
