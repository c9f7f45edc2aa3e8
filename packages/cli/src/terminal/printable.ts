/**
 * Shows as escapes what a terminal or a viewer of logs obeys instead of showing it: control characters, which could
 * move the cursor or colour the screen, line ends, and what reorders or hides text. It is `escapeUnprintable` of core,
 * which a test holds it to: that help and version do not load core makes `behalf --version` start twice as fast.
 */
export function printable(text: string): string {
  return text.replaceAll(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character.split('').map(escapeUnit).join(''),
  )
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
