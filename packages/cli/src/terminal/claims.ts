import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject, isNumericDate } from '@behalf/core/internal'
import type { Line } from './line.ts'
import { alignRows } from './table.ts'

const timeClaims = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at'])

/** Claims as aligned lines, times also in words; members of objects are indented below their name. */
export function describeClaims(claims: JsonObject, nowMs: number, indent = '  '): Line[] {
  return alignRows(rowsOf(claims, nowMs, ''), indent)
}

function rowsOf(claims: JsonObject, nowMs: number, indent: string): [string, string][] {
  return Object.entries(claims).flatMap(([name, value]): [string, string][] => {
    const shown = `${indent}${name}`
    if (isJsonObject(value)) return [[shown, ''], ...rowsOf(value, nowMs, `${indent}  `)]
    return [[shown, describeValue(name, value, nowMs)]]
  })
}

function describeValue(name: string, value: Json | undefined, nowMs: number): string {
  if (timeClaims.has(name) && isNumericDate(value)) return `${value}  ${describeTime(value * 1000, nowMs)}`
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((member) => typeof member === 'string')) {
    return value.join(' ')
  }
  return JSON.stringify(value) ?? ''
}

/** A moment and how far it is away: `2026-11-01 10:00:00 UTC, in 5 min`. */
export function describeTime(timeMs: number, nowMs: number): string {
  const date = new Date(timeMs)
  if (Number.isNaN(date.getTime())) return 'beyond any calendar'
  const seconds = Math.round(Math.abs(timeMs - nowMs) / 1000)
  const distance = describeSeconds(seconds)
  const [day, time = ''] = date.toISOString().split('T')
  return `${day} ${time.slice(0, 8)} UTC, ${timeMs < nowMs ? `${distance} ago` : `in ${distance}`}`
}

function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`
  return seconds < 2 * 86_400 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
