/** What is used of a library that is installed on demand only. */
declare module 'webpack' {
  export default function webpack(
    options: object,
    done: (error: Error | null, stats?: { hasErrors(): boolean; toString(options: string): string }) => void,
  ): void
}

/** The last TypeScript with an interface for programs. */
declare module 'typescript-6' {
  export interface Symbol {
    readonly name: string
    readonly flags: number
    readonly declarations?: readonly Node[]
  }
  export interface Node {
    getSourceFile(): { readonly fileName: string }
  }
  export interface Signature {
    getParameters(): readonly Symbol[]
    getReturnType(): Type
  }
  export interface Type {
    readonly symbol?: Symbol
    readonly aliasSymbol?: Symbol
    readonly aliasTypeArguments?: readonly Type[]
    /** Of a union or an intersection. */
    readonly types?: readonly Type[]
    getProperties(): readonly Symbol[]
    getCallSignatures(): readonly Signature[]
    getConstructSignatures(): readonly Signature[]
  }
  export interface TypeChecker {
    getSymbolAtLocation(node: object): Symbol | undefined
    getExportsOfModule(module: Symbol): readonly Symbol[]
    getAliasedSymbol(symbol: Symbol): Symbol
    getDeclaredTypeOfSymbol(symbol: Symbol): Type
    getTypeOfSymbol(symbol: Symbol): Type
    getTypeArguments(type: Type): readonly Type[]
    getIndexInfosOfType(type: Type): readonly { readonly type: Type }[]
  }
  const ts: {
    createProgram(
      files: readonly string[],
      options: object,
    ): { getTypeChecker(): TypeChecker; getSourceFile(file: string): object | undefined }
    readonly SymbolFlags: Readonly<
      Record<'Alias' | 'Type' | 'Value' | 'Class' | 'Interface' | 'TypeAlias', number>
    >
    readonly ModuleKind: { readonly NodeNext: number }
    readonly ModuleResolutionKind: { readonly NodeNext: number }
  }
  export default ts
}
