import { useState } from 'preact/hooks'

type Theme = 'auto' | 'light' | 'dark'
const key = 'burrow-theme'
const nextOf: Readonly<Record<Theme, Theme>> = { auto: 'dark', dark: 'light', light: 'auto' }

/** What this browser was told last; `auto` is what its system says. */
export function applyTheme(): void {
  const theme = readTheme()
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function ThemeButton() {
  const [theme, setTheme] = useState(readTheme())
  const change = () => {
    const next = nextOf[theme]
    try {
      localStorage.setItem(key, next)
    } catch {} // a browser that keeps nothing
    setTheme(next)
    applyTheme()
  }
  return (
    <button
      type="button"
      class="plain"
      onClick={change}
      aria-label={`Colours: ${theme}. Change`}
      title={`Colours: ${theme}`}
    >
      {theme === 'auto' ? '◐' : theme === 'dark' ? '●' : '○'}
    </button>
  )
}

function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(key)
    return kept === 'light' || kept === 'dark' ? kept : 'auto'
  } catch {
    return 'auto'
  }
}
