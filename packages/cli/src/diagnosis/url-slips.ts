/**
 * Says in what a registered URL differs from the hook's own: each would end at another path, or nowhere, so that Okta
 * issues plain tokens.
 *
 * @returns no text when they are the same, undefined when they are not alike at all
 */
export function slipsOf(registered: string, own: string): readonly string[] | undefined {
  const [theirs, ours] = [URL.parse(registered), URL.parse(own)]
  if (theirs === null || ours === null) return undefined
  if (theirs.href === ours.href) return []
  if (theirs.hostname !== ours.hostname || plain(theirs.pathname) !== plain(ours.pathname)) return undefined
  const [path, ownPath] = [theirs.pathname, ours.pathname]
  const differs = (view: (text: string) => string): boolean => view(path) !== view(ownPath)
  const slips: readonly (readonly [boolean, string])[] = [
    [theirs.protocol !== ours.protocol, `${theirs.protocol}// in place of ${ours.protocol}//`],
    [
      theirs.port !== ours.port,
      `port ${theirs.port || 'of the protocol'} in place of ${ours.port || 'that of the protocol'}`,
    ],
    [/\/$/.test(path) !== /\/$/.test(ownPath), `${path.endsWith('/') ? 'a' : 'no'} slash at the end`],
    [differs(count(/\/\//g)), 'a doubled slash'],
    [differs(count(/%/g)), 'escaped characters'],
    [differs((text) => plainSlashes(unescaped(text))), 'another case'],
    [theirs.search !== ours.search, 'another query'],
    [theirs.username !== ours.username || theirs.password !== ours.password, 'user information'],
  ]
  const told = slips.filter(([is]) => is).map(([, slip]) => slip)
  return told.length === 0 ? ['another spelling'] : told
}

function count(pattern: RegExp): (text: string) => string {
  return (text) => String(text.match(pattern)?.length ?? 0)
}

function plain(path: string): string {
  return plainSlashes(unescaped(path)).toLowerCase()
}

function plainSlashes(path: string): string {
  return path.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
