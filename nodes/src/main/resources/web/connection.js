// The WebSocket, opened again by itself whenever it closes.
import { decode } from "./wire.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;

export class Connection {
  /** onLink is told "up" or "down". */
  constructor(onMessage, onLink) {
    this.onMessage = onMessage;
    this.onLink = onLink;
    this.link = "down";
    this.waitMs = FIRST_WAIT_MS;
  }

  open() {
    this.socket = new WebSocket(`ws://${location.host}/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.waitMs = FIRST_WAIT_MS;
      this.setLink("up");
    };
    this.socket.onmessage = ({ data }) => this.onMessage(decode(data));
    this.socket.onclose = () => {
      this.setLink("down");
      setTimeout(() => this.open(), this.waitMs);
      this.waitMs = Math.min(LONGEST_WAIT_MS, 1.6 * this.waitMs);
    };
  }

  setLink(link) {
    this.link = link;
    this.onLink(link);
  }

  send(text) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }
}
