import { useId } from 'react'
import { mergeWords as t } from '../words/merge.ts'
import { type Choice, type Hunk, SIDES } from './merge.ts'

interface Props {
  hunk: Hunk
  choice: Choice | undefined
  onChoose: (choice: Choice) => void
}

/** One place in which the sources differ: what stood there, theirs and yours, and which of them shall stand there. */
export function HunkChoice({ hunk, choice, onChoose }: Props) {
  const name = useId()
  const pick = (side: Choice) => (
    <label className="check">
      <input type="radio" name={name} checked={choice === side} onChange={() => onChoose(side)} />{' '}
      {t.sides[side]}
    </label>
  )
  return (
    <li>
      <fieldset className="hunk">
        <legend>
          {t.place(hunk.from + 1)} · {t.who[whoOf(hunk)]}
        </legend>
        {SIDES.map((side) => (
          <div key={side} className={side}>
            {pick(side)}
            <pre tabIndex={0}>
              {hunk.lines[side].length > 0 ? (
                <bdi>{hunk.lines[side].join('\n')}</bdi>
              ) : (
                <em className="faint">{t.nothing}</em>
              )}
            </pre>
          </div>
        ))}
        {!hunk.proposed && pick('both')}
      </fieldset>
    </li>
  )
}

function whoOf({ proposed, lines: { theirs, mine } }: Hunk): keyof typeof t.who {
  if (proposed === undefined) return 'open'
  if (theirs.join('\n') === mine.join('\n')) return 'same'
  return proposed === 'theirs' ? 'theirs' : 'mine'
}
