import { join } from 'node:path'
import type { Symbol as TsSymbol, Type } from 'typescript-6'
import type { Packed } from '../release/pack.ts'

/**
 * The types of ours that a package's exports mention and that cannot be imported from it, each with where it is
 * mentioned. A team under pnpm or Yarn can name nothing else, and then `declaration: true` fails with TS2742.
 *
 * @param project - where the package is installed
 */
export async function findUnnameable({ manifest }: Packed, project: string): Promise<readonly string[]> {
  // Installed on demand, so not before it is used.
  const { default: ts } = await import('typescript-6')
  const { Alias, Class, Interface, TypeAlias, Type: AnyType, Value } = ts.SymbolFlags
  const installed = join(project, 'node_modules', manifest.name)
  const entries = declarationsOf(manifest.exports).map((file) => join(installed, file))
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: ['node'],
  })
  const checker = program.getTypeChecker()
  const resolve = (symbol: TsSymbol): TsSymbol =>
    symbol.flags & Alias ? checker.getAliasedSymbol(symbol) : symbol

  const exported = new Map<TsSymbol, string>()
  for (const entry of entries) {
    const source = program.getSourceFile(entry)
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${entry} is no module`)
    for (const symbol of checker.getExportsOfModule(module)) exported.set(resolve(symbol), symbol.name)
  }

  const faults = new Set<string>()
  const seen = new Set<Type>()
  const visitSignature = (parameters: readonly TsSymbol[], returned: Type, where: string): void => {
    for (const parameter of parameters) visit(checker.getTypeOfSymbol(parameter), where)
    visit(returned, where)
  }
  const visit = (type: Type, where: string): void => {
    if (seen.has(type)) return
    seen.add(type)
    const symbol = type.aliasSymbol ?? type.symbol
    const isNamed = symbol !== undefined && (symbol.flags & (Class | Interface | TypeAlias)) !== 0
    if (isNamed && isOurs(symbol) && !exported.has(symbol)) faults.add(`${where}: ${symbol.name}`)
    for (const argument of [...(type.aliasTypeArguments ?? []), ...typeArguments(type)])
      visit(argument, where)
    for (const part of type.types ?? []) visit(part, where)
    if (isNamed && !isOurs(symbol)) return
    for (const property of type.getProperties())
      if (isOurs(property)) visit(checker.getTypeOfSymbol(property), `${where}.${property.name}`)
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()])
      visitSignature(signature.getParameters(), signature.getReturnType(), where)
    for (const { type: indexed } of checker.getIndexInfosOfType(type)) visit(indexed, where)
  }
  const typeArguments = (type: Type): readonly Type[] =>
    'target' in type ? checker.getTypeArguments(type) : []

  for (const [symbol, name] of exported) {
    if (symbol.flags & AnyType) visit(checker.getDeclaredTypeOfSymbol(symbol), name)
    if (symbol.flags & Value) visit(checker.getTypeOfSymbol(symbol), name)
  }
  return [...faults]
}

function isOurs({ declarations = [] }: TsSymbol): boolean {
  return declarations.some((declaration) =>
    declaration.getSourceFile().fileName.includes('/node_modules/@behalf/'),
  )
}

/** The declarations that `import` gets, of every subpath but `./internal`, which promises nothing. */
function declarationsOf(exports: Packed['manifest']['exports']): readonly string[] {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (subpath === './internal') return []
    const types: unknown = typeof target === 'object' ? target.import?.types : undefined
    return typeof types === 'string' ? [types] : []
  })
}
