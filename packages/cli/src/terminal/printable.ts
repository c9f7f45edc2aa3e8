/** Makes text from elsewhere safe to print: what could move the cursor, colour the screen, reorder or hide text is escaped. */
export { escapeUnprintable as printable } from '@behalf/core/internal'
