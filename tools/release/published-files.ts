import { posix } from 'node:path'
import type { Publication } from './publication.ts'

/** A package's manifest as it is published: it says where it is from. */
export function publishedManifest(
  manifest: object,
  folder: string,
  { repository, homepage, bugs }: Publication,
): object {
  return {
    ...manifest,
    repository: { type: 'git', url: repository, directory: folder },
    homepage,
    bugs: { url: bugs },
  }
}

/** A package's README as it is published: its links lead to the repository as of this version, since nothing is beside it. */
export function publishedReadme(
  markdown: string,
  folder: string,
  version: string,
  { page }: Publication,
): string {
  return markdown.replaceAll(
    /(!?)(\[(?:[^[\]]|\[[^\]]*\])*\])\((?![a-z][a-z0-9+.-]*:|#)([^)\s#]+)(#[^)\s]*)?\)/g,
    (_, image: string, text: string, path: string, fragment = '') =>
      `${image}${text}(${page}/${image === '' ? 'blob' : 'raw'}/v${version}/${posix.join(folder, path)}${fragment})`,
  )
}
