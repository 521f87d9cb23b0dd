import { useState } from 'react'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'

/** Puts text on the clipboard, for a mail to support. */
export function Copy({ text }: { text: string }) {
  const [isDone, setDone] = useState(false)
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      // Without a right to the clipboard, or a safe origin, the text stays where it can be selected.
      () => undefined,
    )
  return (
    <Button kind="quiet" onPress={copy}>
      {isDone ? words.common.copied : words.common.copy}
    </Button>
  )
}
