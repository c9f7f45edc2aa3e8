/** Debian's interpreters, which see Debian's packages. */
export const python = '/usr/bin/python3'
export const ruby = '/usr/bin/ruby'
export const perl = '/usr/bin/perl'

/** Debian keeps Go's libraries where modules are not looked for. */
export const goEnvironment: Readonly<Record<string, string>> = {
  GO111MODULE: 'off',
  GOPATH: '/usr/share/gocode',
  GOFLAGS: '',
  GOTOOLCHAIN: 'local',
}
