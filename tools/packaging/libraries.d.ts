/** What is used of a library that is installed on demand only. */
declare module 'webpack' {
  export default function webpack(
    options: object,
    done: (error: Error | null, stats?: { hasErrors(): boolean; toString(options: string): string }) => void,
  ): void
}
