import { render } from 'preact'
import { App } from './app.tsx'
import { monitor } from './live/live.ts'
import { applyTheme } from './parts/theme.tsx'
import './styles/base.css'
import './styles/shell.css'
import './styles/tables.css'
import './styles/pages.css'

applyTheme()
monitor.start()
render(<App />, document.getElementById('app')!)
