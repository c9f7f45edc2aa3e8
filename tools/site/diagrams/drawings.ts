import { chain } from './chain.ts'
import { flow } from './flow.ts'
import { icon } from './icon.ts'
import { twoServers } from './two-servers.ts'

/** Every diagram of the documents, by its file. */
export function drawings(): Readonly<Record<string, string>> {
  return {
    'docs/pictures/flow.svg': flow(),
    'docs/pictures/two-servers.svg': twoServers(),
    'docs/pictures/chain.svg': chain(),
    'docs/pictures/icon.svg': icon(),
  }
}
