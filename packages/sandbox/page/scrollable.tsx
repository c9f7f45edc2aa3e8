import type { ComponentChildren, JSX } from 'preact'

interface ScrollableProps {
  readonly label: string
  readonly children: ComponentChildren
}

/** What may be wider or longer than its place; whoever has no mouse reaches it with the keyboard. */
export function Scrollable({ label, children }: ScrollableProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls only what has the focus
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
