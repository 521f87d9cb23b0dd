import {
  type Found,
  type Node,
  type Program,
  ts,
  type Type,
} from 'monaco-editor/languages/features/typescript/ts.worker.js'

const { forEachChild, SyntaxKind } = ts.typescript

/** TypeScript's numbers of "Property … does not exist on type …", without and with a proposal. */
const NO_SUCH_MEMBER = new Set([2339, 2551])

/** Whether it is about a member that something declared in one of `ours` does not have. */
export function isWrongMember(
  program: Program,
  fileName: string,
  { code, start }: Found,
  ours: Record<string, unknown>,
): boolean {
  const file = program.getSourceFile(fileName)
  if (!file || start === undefined || !NO_SUCH_MEMBER.has(code)) return false
  const owner = ownerOf(nodeAt(file, start))
  if (!owner) return false
  const checker = program.getTypeChecker()
  return isDeclaredIn(checker.getNonNullableType(checker.getTypeAtLocation(owner)), ours)
}

function nodeAt(node: Node, place: number): Node {
  const child = forEachChild(node, (one) => (one.pos <= place && place < one.end ? one : undefined))
  return child ? nodeAt(child, place) : node
}

/** What the member is read from. */
function ownerOf({ parent }: Node): Node | undefined {
  if (parent?.kind === SyntaxKind.PropertyAccessExpression) return parent.expression
  return parent?.kind === SyntaxKind.BindingElement ? parent.parent : undefined
}

function isDeclaredIn(
  { symbol, aliasSymbol, types = [] }: Type,
  ours: Record<string, unknown>,
): boolean {
  return (
    [...(symbol?.declarations ?? []), ...(aliasSymbol?.declarations ?? [])].some(
      (one) => one.getSourceFile().fileName in ours,
    ) || types.some((one) => isDeclaredIn(one, ours))
  )
}
