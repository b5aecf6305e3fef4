import { addEnglish } from "..";
import runs from "../locales/en/runs.json";

addEnglish("runs", runs);
