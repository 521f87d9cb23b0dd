import { Button } from '../ui/button.tsx'
import { peopleWords as t } from './words.ts'

export const PAGE = 50

interface Props {
  /** The place of the first row that is shown. */
  from: number
  found: number
  onChange: (from: number | undefined) => void
}

/** Which rows of a long list are shown, and the way to the others. */
export function Pager({ from, found, onChange }: Props) {
  const last = Math.min(found, from + PAGE)
  return (
    <>
      <span className="count faint" role="status">
        {found > 0 && t.place(from + 1, last, found)}
      </span>
      {found > PAGE && (
        <>
          <Button
            isDisabled={from === 0}
            onPress={() => onChange(Math.max(0, from - PAGE) || undefined)}
          >
            {t.before}
          </Button>
          <Button isDisabled={last >= found} onPress={() => onChange(from + PAGE)}>
            {t.next}
          </Button>
        </>
      )}
    </>
  )
}

/** Where the page begins: an address may name a place that is not there any more. */
export const beginOf = (from: number | undefined, found: number): number =>
  from === undefined || from >= found ? 0 : from
