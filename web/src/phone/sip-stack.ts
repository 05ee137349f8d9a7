// JsSIP as a module of its own, so that a desk with a desk phone never loads it.

export { UA, WebSocketInterface } from "jssip";
