import { CircleCheck, TriangleAlert } from 'lucide-react'
import { contrast, lettersOn, READABLE } from '../../consumer/look.ts'
import { Field } from '../ui/field.tsx'
import { locale } from '../words/index.ts'
import { isColour } from './draft.ts'
import { lookWords as t } from './words.ts'

/** Parts that are no text (WCAG 2.2, 1.4.11). */
const VISIBLE = 3

interface Props {
  label: string
  /** What the colour stands on. */
  paper: string
  value: string
  isDisabled: boolean
  onChange: (colour: string) => void
}

/** A colour, chosen or typed, with what of it can be read. */
export function ColourField({ label, paper, value, isDisabled, onChange }: Props) {
  const isKnown = isColour(value)
  return (
    <div className="stack tight">
      <div className="colour">
        <input
          type="color"
          aria-label={t.choose(label)}
          value={isKnown ? value : '#000000'}
          disabled={isDisabled}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
        <Field
          label={label}
          value={value}
          maxLength={7}
          isDisabled={isDisabled}
          isInvalid={!isKnown}
          onChange={onChange}
        />
      </div>
      <ul className="bare-list" aria-label={t.contrastOf(label)}>
        {isKnown ? (
          <>
            <Check
              isGood
              text={t.letters(lettersOn(value) === '#ffffff', ratio(value, lettersOn(value)))}
            />
            <Check
              isGood={contrast(value, paper) >= VISIBLE}
              text={
                contrast(value, paper) >= VISIBLE
                  ? t.seen(ratio(value, paper))
                  : t.notSeen(ratio(value, paper))
              }
            />
            {contrast(value, paper) < READABLE && <Check isGood={false} text={t.noText} />}
          </>
        ) : (
          <Check isGood={false} text={t.noColour} />
        )}
      </ul>
    </div>
  )
}

function Check({ isGood, text }: { isGood: boolean; text: string }) {
  return (
    <li className={isGood ? 'faint told' : 'told'}>
      {isGood ? (
        <CircleCheck aria-hidden size={14} className="good" />
      ) : (
        <TriangleAlert aria-hidden size={14} className="bad" />
      )}
      {text}
    </li>
  )
}

function ratio(one: string, other: string): string {
  return contrast(one, other).toLocaleString(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
}
