/** Somebody before somebody: who acts, and for whom. */
export function icon(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img" aria-label="Behalf">
<!-- Drawn by tools/site/diagrams. -->
<circle cx="12" cy="16" r="9" fill="#9cc3f2"/>
<circle cx="20" cy="16" r="9" fill="#1f5fa8" stroke="#fff" stroke-width="1.5"/>
</svg>
`
}
