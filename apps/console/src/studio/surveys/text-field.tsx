import type { SurveyText } from '@parley/contract'
import { Field } from '../ui/field.tsx'
import { textIn, withText } from './texts.ts'
import { surveyWords as t } from './words.ts'

export interface TextProps {
  label: string
  value: SurveyText | undefined
  /** All of the survey, its own first. */
  languages: readonly string[]
  onChange: (value: SurveyText | undefined) => void
  lines?: number
  hint?: string
  problem?: string | undefined
}

/** A text of a survey: one field, or one for each language. */
export function SurveyTextField(props: TextProps) {
  const { label, value, languages, onChange, lines, hint, problem } = props
  const [own = 'en'] = languages
  return (
    <div className="form-row">
      {languages.map((language) => (
        <Field
          key={language}
          label={languages.length === 1 ? label : t.inLanguage(label, language)}
          hint={hint}
          {...(lines !== undefined && { lines })}
          value={textIn(value, language, own)}
          onChange={(words) => onChange(withText(value, language, own, words))}
          maxLength={4_000}
          problem={language === own ? problem : undefined}
        />
      ))}
    </div>
  )
}
