import { useEffect, useState } from 'react'
import { words } from '../words/index.ts'

/** Shown only where an answer takes long enough to be noticed. */
export function Waiting() {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150)
    return () => clearTimeout(timer)
  }, [])
  return isLate ? (
    <p role="status" className="faint">
      {words.common.loading}
    </p>
  ) : null
}
