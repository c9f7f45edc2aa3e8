import type { Actor } from '@behalf/core'

/** Draws who acts for whom: the user on top, the current actor next, the ones before it below. */
export function drawActorChain(subject: string, actors: readonly Actor[], indent = '  '): string[] {
  const lines = [`${indent}${subject}  the user`]
  actors.forEach(({ sub, iss, sub_profile: profile }, depth) => {
    const marks = [profile, iss].filter((mark) => mark !== undefined)
    const name = `${sub}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`
    const role = depth === 0 ? 'acts now; the only one to decide on' : 'acted before; for audit only'
    lines.push(`${indent}${'   '.repeat(depth)}└─ ${name}  ${role}`)
  })
  return lines
}
