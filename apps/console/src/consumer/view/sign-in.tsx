import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { reasonOf } from '../notice.ts'
import { words } from '../words/index.ts'

export interface SignInProps {
  /** Rejects with the reason for which the token is not taken. */
  onToken: (externalJwt: string) => Promise<void>
  /** It worked, or was given up. */
  onDone: () => void
}

/** A field for the token of a sign-in, where the page around has no sign-in of its own. */
export function SignIn({ onToken, onDone }: SignInProps) {
  const field = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState('')
  const [isPending, setPending] = useState(false)
  useLayoutEffect(() => field.current?.focus(), [])

  async function take(): Promise<void> {
    if (isPending) return
    setPending(true)
    try {
      await onToken(field.current?.value.trim() ?? '')
      onDone()
    } catch (error) {
      setProblem(reasonOf(error))
      setPending(false)
      field.current?.focus()
    }
  }

  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault()
        void take()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
    >
      <label>
        {words.token}
        <input
          ref={field}
          name="token"
          required
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem !== ''}
          aria-describedby="sign-in-problem"
        />
      </label>
      <p id="sign-in-problem" class="problem" role="alert">
        {problem}
      </p>
      <div class="horizontal">
        <button type="button" onClick={onDone}>
          {words.cancel}
        </button>
        <button type="submit" class="primary" aria-disabled={isPending}>
          {words.signIn}
        </button>
      </div>
    </form>
  )
}
