import { useState } from 'react'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'

/** Puts text on the clipboard, for a mail to support. */
export function Copy({ text }: { text: string }) {
  /** Another text may have taken the place of what was copied. */
  const [copied, setCopied] = useState<string>()
  const [isRefused, setRefused] = useState(false)
  async function copy(): Promise<void> {
    try {
      // Only a safe origin has a clipboard, and the browser may refuse it.
      await navigator.clipboard.writeText(text)
      setCopied(text)
      setRefused(false)
    } catch {
      setRefused(true)
    }
  }
  return (
    <>
      <Button kind="quiet" onPress={() => void copy()}>
        {copied === text ? words.common.copied : words.common.copy}
      </Button>
      <span role="status">{isRefused && words.common.notCopied}</span>
    </>
  )
}
