/** Where the sources are, and where people are heard: what npm shows of a package, and what provenance is checked by. */
export interface Publication {
  /** As git takes it, e.g. `git+https://github.com/owner/behalf.git`. */
  readonly repository: string
  /** The repository's page, e.g. `https://github.com/owner/behalf`. */
  readonly page: string
  readonly homepage: string
  readonly bugs: string
}

/** What of the root's `package.json` says so, in this one place for all packages. */
export interface RootManifest {
  readonly repository?: { readonly type?: string; readonly url?: string }
  readonly homepage?: string
  readonly bugs?: { readonly url?: string }
}

/**
 * Reads where packages are published from; undefined while nobody has said.
 *
 * @throws Error when what is said is no address of a repository
 */
export function publicationOf({ repository, homepage, bugs }: RootManifest): Publication | undefined {
  if (repository?.url === undefined) return undefined
  const [, page] = /^git\+(https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+?)\.git$/.exec(repository.url) ?? []
  if (page === undefined || repository.type !== 'git')
    throw new Error(
      `package.json: repository must be { "type": "git", "url": "git+https://HOST/OWNER/NAME.git" }, and its url is '${repository.url}'`,
    )
  return {
    repository: repository.url,
    page,
    homepage: homepage ?? `${page}#readme`,
    bugs: bugs?.url ?? `${page}/issues`,
  }
}

/** {@link publicationOf} for what is to be published: npm checks provenance by the repository that a package names. */
export function neededPublication(manifest: RootManifest): Publication {
  const publication = publicationOf(manifest)
  if (publication === undefined)
    throw new Error(
      "package.json does not say where the repository is, so nothing can be published: npm holds a package's provenance against it.\n" +
        '  npm pkg set repository.type=git repository.url=git+https://github.com/OWNER/behalf.git\n' +
        '  homepage and bugs.url follow from it, unless they are set, too',
    )
  return publication
}
