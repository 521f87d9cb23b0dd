/** What the worker uses of the editor's own TypeScript, which comes without types. */
declare module 'monaco-editor/languages/features/typescript/ts.worker.js' {
  export interface Node {
    kind: number
    pos: number
    end: number
    parent: Node
    text?: string
    name?: Node
    type?: Node
    initializer?: Node
    expression?: Node
    left?: Node
    right?: Node
    statements?: readonly Node[]
    parameters?: readonly Node[]
    properties?: readonly Node[]
    declarationList?: { declarations: readonly Node[] }
    dotDotDotToken?: Node
    questionToken?: Node
    modifiers?: readonly Node[]
    getStart(): number
    getText(): string
    getSourceFile(): { fileName: string }
  }
  interface TypeSymbol {
    declarations?: readonly Node[]
  }
  export interface Type {
    symbol?: TypeSymbol
    aliasSymbol?: TypeSymbol
    types?: readonly Type[]
  }
  export interface Program {
    getSourceFile(fileName: string): Node | undefined
    getTypeChecker(): {
      getTypeAtLocation(node: Node): Type
      getNonNullableType(type: Type): Type
    }
  }
  export interface Found {
    code: number
    start?: number
    length?: number
  }
  export class TypeScriptWorker {
    constructor(context: unknown, data: unknown)
    /** What an editor has open under this name. */
    _getModel(fileName: string): object | null
    _getScriptText(fileName: string): string | undefined
    getScriptVersion(fileName: string): string
    getExtraLibs(): Record<string, unknown>
    getLanguageService(): { getProgram(): Program | undefined }
    getSemanticDiagnostics(fileName: string): Promise<Found[]>
    [method: string]: unknown
  }
  export const ts: {
    typescript: {
      createSourceFile(
        name: string,
        text: string,
        target: number,
        setParents: boolean,
        kind: number,
      ): Node
      forEachChild<Result>(
        node: Node,
        visit: (child: Node) => Result | undefined,
      ): Result | undefined
      getJSDocType(node: Node): Node | undefined
      SyntaxKind: Record<
        | 'ArrowFunction'
        | 'BindingElement'
        | 'BinaryExpression'
        | 'DefaultKeyword'
        | 'ExportAssignment'
        | 'ExpressionStatement'
        | 'FunctionDeclaration'
        | 'FunctionExpression'
        | 'Identifier'
        | 'MethodDeclaration'
        | 'ObjectLiteralExpression'
        | 'PropertyAccessExpression'
        | 'PropertyAssignment'
        | 'ShorthandPropertyAssignment'
        | 'VariableStatement',
        number
      >
      ScriptKind: { JS: number; TS: number }
      ScriptTarget: { Latest: number }
    }
  }
  export function initialize(
    create: (context: unknown, data: { compilerOptions: { allowJs?: boolean } }) => unknown,
  ): void
}
