// What the scripts of the page may take for granted, for the type checker alone: it is part of no page.
declare var Shudian: any;
declare var echarts: any;
// the page knows what it built, and that it is there
interface Document {
  getElementById(id: string): any;
}
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): any;
}
// a worker's messages have no target
interface Window {
  postMessage(message: any, transfer: Transferable[]): void;
}
