import { type Node, ts } from 'monaco-editor/languages/features/typescript/ts.worker.js'

const { createSourceFile, getJSDocType, ScriptKind, ScriptTarget, SyntaxKind } = ts.typescript

/** What is put into the author's text before TypeScript reads it. */
export interface Added {
  at: number
  text: string
}

/** Gives the first parameter of the function its type, unless the author has, as the server does when it checks. */
export function typeInput(text: string, isJavaScript: boolean): Added | undefined {
  const kind = isJavaScript ? ScriptKind.JS : ScriptKind.TS
  const file = createSourceFile('source', text, ScriptTarget.Latest, true, kind)
  const entry = findEntry(file)
  const [input] = entry?.parameters ?? []
  if (!entry || !input?.name || input.type || input.dotDotDotToken) return undefined
  if (isJavaScript) {
    const isTyped = getJSDocType(input) ?? getJSDocType(entry.parent)
    return isTyped ? undefined : { at: input.getStart(), text: '/** @type {ParleyInput} */ ' }
  }
  // An arrow function's parameter without parentheses takes no type.
  const isBare = entry.kind === SyntaxKind.ArrowFunction && entry.getStart() === input.getStart()
  return isBare ? undefined : { at: (input.questionToken ?? input.name).end, text: ': ParleyInput' }
}

/** A place of the author's text in what TypeScript reads. */
export function toChecked({ at, text }: Added, place: number): number {
  return place > at ? place + text.length : place
}

/** What TypeScript has answered, with the places of this file as they are in the author's text. */
export function fromChecked(added: Added, fileName: string, answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map((one) => fromChecked(added, fileName, one))
  if (typeof answer !== 'object' || answer === null) return answer
  if ('fileName' in answer && answer.fileName !== fileName) return answer
  const mapped = Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, fromChecked(added, fileName, value)]),
  )
  const { start, length } = mapped
  if (typeof start !== 'number' || typeof length !== 'number') return mapped
  const begin = toAuthor(added, start)
  return { ...mapped, start: begin, length: toAuthor(added, start + length) - begin }
}

function toAuthor({ at, text }: Added, place: number): number {
  return place <= at ? place : Math.max(at, place - text.length)
}

/** The top-level `lambda`, or else what is exported. */
function findEntry({ statements = [] }: Node): Node | undefined {
  const named = statements.map((one) => valueOf(one, 'lambda', statements)).findLast(Boolean)
  return named ?? statements.map((one) => exportedBy(one, statements)).findLast(Boolean)
}

function valueOf(statement: Node, name: string, statements: readonly Node[]): Node | undefined {
  if (statement.kind === SyntaxKind.FunctionDeclaration) {
    return statement.name?.text === name ? statement : undefined
  }
  if (statement.kind === SyntaxKind.VariableStatement) {
    const declared = statement.declarationList?.declarations.find((one) => one.name?.text === name)
    return asFunction(declared?.initializer, statements)
  }
  const assigned = assignmentOf(statement)
  return assigned?.left?.text === name ? asFunction(assigned.right, statements) : undefined
}

function exportedBy(statement: Node, statements: readonly Node[]): Node | undefined {
  if (statement.kind === SyntaxKind.FunctionDeclaration) {
    const isDefault = statement.modifiers?.some(({ kind }) => kind === SyntaxKind.DefaultKeyword)
    return isDefault ? statement : undefined
  }
  if (statement.kind === SyntaxKind.ExportAssignment) {
    return asFunction(statement.expression, statements)
  }
  const assigned = assignmentOf(statement)
  const isExport = /^(module\.)?exports(\.(lambda|default))?$/.test(assigned?.left?.getText() ?? '')
  return isExport ? asFunction(assigned?.right, statements) : undefined
}

function assignmentOf({ kind, expression }: Node): Node | undefined {
  const isAssignment =
    kind === SyntaxKind.ExpressionStatement && expression?.kind === SyntaxKind.BinaryExpression
  return isAssignment ? expression : undefined
}

/** A function, also by its name, or as the member of an object that is exported. */
function asFunction(
  value: Node | undefined,
  statements: readonly Node[],
  isNamed = false,
): Node | undefined {
  if (!value) return undefined
  const { kind } = value
  if (kind === SyntaxKind.FunctionExpression || kind === SyntaxKind.ArrowFunction) return value
  if (kind === SyntaxKind.BinaryExpression) return asFunction(value.right, statements, isNamed)
  if (kind === SyntaxKind.Identifier && !isNamed) {
    const name = value.text ?? ''
    for (const statement of statements) {
      if (statement.name?.text === name && statement.parameters) return statement
      const declared = statement.declarationList?.declarations.find(
        (one) => one.name?.text === name,
      )
      if (declared) return asFunction(declared.initializer, statements, true)
    }
    return undefined
  }
  if (kind !== SyntaxKind.ObjectLiteralExpression) return undefined
  const member = value.properties?.find(({ name }) => /^(lambda|default)$/.test(name?.text ?? ''))
  if (!member) return undefined
  if (member.kind === SyntaxKind.MethodDeclaration) return member
  if (member.kind === SyntaxKind.ShorthandPropertyAssignment) {
    return asFunction(member.name, statements)
  }
  return member.kind === SyntaxKind.PropertyAssignment
    ? asFunction(member.initializer, statements)
    : undefined
}
