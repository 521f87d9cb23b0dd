import { useState } from 'preact/hooks'
import { words } from './words.ts'

export interface SignInProps {
  isSignedIn: boolean
  /** Asks the page around for the token of its own sign-in; without it the token is typed. */
  ask: (() => Promise<string>) | undefined
  onToken: (externalJwt: string) => Promise<void>
}

export function SignIn({ isSignedIn, ask, onToken }: SignInProps) {
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState('')
  if (isSignedIn) return <span class="badge">{words.signedIn}</span>

  async function take(token: Promise<string> | string): Promise<void> {
    try {
      await onToken(await token)
      setAsking(false)
      setProblem('')
    } catch (error) {
      setProblem(error instanceof Error ? error.message : words.failed)
    }
  }

  if (!isAsking) {
    return (
      <>
        <button type="button" onClick={() => (ask ? void take(ask()) : setAsking(true))}>
          {words.signIn}
        </button>
        {problem && <span role="alert">{problem}</span>}
      </>
    )
  }
  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault()
        const token = new FormData(event.currentTarget).get('token')
        if (typeof token === 'string') void take(token)
      }}
    >
      <label>
        {words.token} <input name="token" required autocomplete="off" />
      </label>
      <button type="submit">{words.signIn}</button>
      {problem && <span role="alert">{problem}</span>}
    </form>
  )
}
