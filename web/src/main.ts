import './css/tokens.css';
import './css/base.css';
import './css/header.css';
import './css/layout.css';
import './css/forms.css';
import './css/prose.css';
import './css/print.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { router } from './lib/router.svelte';
import { undo } from './lib/undo.svelte';

router.start();
undo.start();
mount(App, { target: document.getElementById('app')! });
