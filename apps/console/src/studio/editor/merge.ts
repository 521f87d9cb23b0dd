import { diffIndices } from 'node-diff3'

export const SIDES = ['base', 'theirs', 'mine'] as const
export type Side = (typeof SIDES)[number]
/** What stands in the place of a hunk; `both` is theirs followed by mine. */
export type Choice = Side | 'both'

/** Lines in which two sources, or one of them, are no longer what both began with. */
export interface Hunk {
  /** The first line of it in what both began with, from 0. */
  from: number
  lines: Readonly<Record<Side, readonly string[]>>
  /** What is right without asking; undefined where both have changed it, and not to the same. */
  proposed: Side | undefined
}

type Changer = 'theirs' | 'mine'

/** A change of one side: so many lines of the base became so many lines of it. */
interface Change {
  who: Changer
  base: readonly [from: number, length: number]
  own: readonly [from: number, length: number]
}

/** Where two sources differ from what both began with. Changes that touch each other are one hunk. */
export function hunksOf(base: string, theirs: string, mine: string): Hunk[] {
  const texts = { base: linesOf(base), theirs: linesOf(theirs), mine: linesOf(mine) }
  const changes = [...changesOf('theirs', texts), ...changesOf('mine', texts)].toSorted(
    (a, b) => a.base[0] - b.base[0],
  )
  const groups: Change[][] = []
  let end = -1
  for (const change of changes) {
    const [from, length] = change.base
    if (from > end) groups.push([])
    groups.at(-1)?.push(change)
    end = Math.max(end, from + length)
  }
  return groups.map((group) => hunkOf(group, texts))
}

/** What both make of it together. A hunk that nobody has decided stays as both began. */
export function merge(
  base: string,
  hunks: readonly Hunk[],
  choices: ReadonlyMap<Hunk, Choice>,
): string {
  const lines = linesOf(base)
  const merged: string[] = []
  let at = 0
  for (const hunk of hunks) {
    const choice = choices.get(hunk) ?? hunk.proposed ?? 'base'
    const { theirs, mine } = hunk.lines
    merged.push(...lines.slice(at, hunk.from))
    merged.push(...(choice === 'both' ? [...theirs, ...mine] : hunk.lines[choice]))
    at = hunk.from + hunk.lines.base.length
  }
  return [...merged, ...lines.slice(at)].join('\n')
}

type Texts = Readonly<Record<Side, readonly string[]>>

function changesOf(who: Changer, texts: Texts): Change[] {
  return diffIndices([...texts.base], [...texts[who]]).map(({ buffer1, buffer2 }) => ({
    who,
    base: buffer1,
    own: buffer2,
  }))
}

function hunkOf(group: readonly Change[], texts: Texts): Hunk {
  const from = Math.min(...group.map(({ base }) => base[0]))
  const end = Math.max(...group.map(({ base }) => base[0] + base[1]))
  const base = texts.base.slice(from, end)

  function sideOf(who: Changer): readonly string[] {
    const own = group.filter((change) => change.who === who)
    const [first, last] = [own[0], own.at(-1)]
    if (!first || !last) return base
    // What this side has left alone before its first change and after its last one belongs to it, too.
    const begin = first.own[0] - (first.base[0] - from)
    return texts[who].slice(begin, last.own[0] + last.own[1] + (end - last.base[0] - last.base[1]))
  }

  const lines = { base, theirs: sideOf('theirs'), mine: sideOf('mine') }
  return { from, lines, proposed: proposedOf(group, lines) }
}

function proposedOf(group: readonly Change[], { theirs, mine }: Hunk['lines']): Side | undefined {
  if (theirs.join('\n') === mine.join('\n') && theirs.length === mine.length) return 'mine'
  const [first] = group
  return group.every(({ who }) => who === first?.who) ? first?.who : undefined
}

function linesOf(text: string): string[] {
  return text.split('\n')
}
