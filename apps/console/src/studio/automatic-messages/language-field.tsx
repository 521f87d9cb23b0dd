import { canonicalLanguage } from '@parley/contract'
import { type FormEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { messageWords as t } from './words.ts'

/** A language that has no texts yet. */
export function LanguageField({ onChosen }: { onChosen: (language: string) => void }) {
  const [typed, setTyped] = useState('')
  const language = typed.trim() === '' ? undefined : canonicalLanguage(typed.trim())
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    if (language === undefined) return
    onChosen(language)
    setTyped('')
  }
  return (
    <form className="actions end" onSubmit={submit}>
      <Field
        label={t.otherLanguage}
        value={typed}
        onChange={setTyped}
        maxLength={35}
        placeholder={t.otherHint}
        isInvalid={typed.trim() !== '' && language === undefined}
      />
      <Button type="submit" isDisabled={language === undefined}>
        {t.add}
      </Button>
    </form>
  )
}
