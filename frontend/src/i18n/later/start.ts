import { addEnglish } from "..";
import start from "../locales/en/start.json";

addEnglish("start", start);
