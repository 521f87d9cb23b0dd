import { styleText } from 'node:util'
import { visible } from '../visible.ts'

export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'bad'

export interface Text {
  text: string
  tone?: Tone
}

const STYLES = {
  plain: [],
  strong: ['bold'],
  faint: ['gray'],
  good: ['green'],
  bad: ['red'],
} as const satisfies Record<Tone, readonly Parameters<typeof styleText>[0][]>

/** Breaks at spaces where there are any, keeps the indentation of the first line. */
export function wrap({ text: said, tone }: Text, width: number): Text[] {
  const text = visible(said)
  const indent = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const cut = space > indent.length ? space : width
    lines.push(rest.slice(0, cut))
    rest = indent + rest.slice(cut).trimStart()
  }
  return [...lines, rest].map((line) => ({ text: line, ...(tone && { tone }) }))
}

function paint(line: Text | undefined, width: number, colours: boolean): string {
  const padded = (line?.text ?? '').padEnd(width)
  const style = STYLES[line?.tone ?? 'plain']
  return colours && style.length > 0 ? styleText(style, padded, { validateStream: false }) : padded
}

export interface Columns {
  left: number
  right: number
  colours: boolean
}

/** Two columns beside each other, as lines of the terminal. */
export function sideBySide(
  { left, right, colours }: Columns,
  leftTexts: readonly Text[],
  rightTexts: readonly Text[],
): string[] {
  const leftLines = leftTexts.flatMap((text) => wrap(text, left))
  const rightLines = rightTexts.flatMap((text) => wrap(text, right))
  return Array.from({ length: Math.max(leftLines.length, rightLines.length) }, (_, row) =>
    [
      paint(leftLines[row], left, colours),
      colours ? styleText('gray', '│', { validateStream: false }) : '│',
      paint(rightLines[row], right, colours).trimEnd(),
    ]
      .join(' ')
      .trimEnd(),
  )
}
