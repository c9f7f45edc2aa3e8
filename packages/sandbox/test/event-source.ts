/** One server-sent event. */
export interface HeardEvent {
  readonly id: string | undefined
  readonly name: string
  readonly data: string
}

/** Who listens to a stream of events. */
export interface Listener extends AsyncDisposable {
  /** Resolves with the next event; comments and directives are passed over. */
  next(): Promise<HeardEvent>
}

/** Listens to the exchanges of an org as a program does. */
export async function listenTo(url: string, lastEventId?: string): Promise<Listener> {
  const response = await fetch(`${url}/api/behalf/exchanges`, {
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const block = async (): Promise<string> => {
    const chunks = [text]
    while (!chunks.at(-1)?.includes('\n\n')) {
      const { value, done } = (await reader?.read()) ?? { done: true }
      if (done) throw new Error('the stream has ended')
      // What ends a block may come in two pieces.
      chunks.push(chunks.at(-1)?.endsWith('\n') ? `${chunks.pop()}${value}` : (value ?? ''))
    }
    const read = chunks.join('')
    const end = read.indexOf('\n\n')
    text = read.slice(end + 2)
    return read.slice(0, end)
  }
  return {
    async next() {
      for (;;) {
        const lines = (await block()).split('\n').map((line) => line.split(/: (.*)/, 2))
        const { id, event, data } = Object.fromEntries(lines)
        if (event !== undefined && data !== undefined) return { id, name: event, data }
      }
    },
    [Symbol.asyncDispose]: async () => reader?.cancel(),
  }
}
